// Tokens of Kubernetes service accounts: JWTs whose claims name the account. Those of Secrets never expire.
import { defineJwt } from '../src/keys/jwt.ts';

export default defineJwt({
  id: 'kubernetes-service-account-token',
  title: 'Kubernetes service account token',
  severity: 'critical',
  about: `
The token of a service account of [Kubernetes](https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/), as every pod
has it under \`/var/run/secrets/kubernetes.io\`: it acts on the cluster with the account's rights.
`,
  revoke: 'delete the pod or the Secret that it belongs to; both end the token. Then check the audit log for its use.',
  accepts: ({ holds }) => holds('kubernetes.io') || holds('kubernetes/serviceaccount'),
  claims: {
    own: { iss: 'https://kubernetes.default.svc', 'kubernetes.io': { namespace: 'a', serviceaccount: { name: 'b' } } },
    foreign: { iss: 'https://issuer.test', sub: 'user-1' },
  },
});
