// OpenShift access token: `sha256~…`
import { BASE64URL } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'openshift-token',
  title: 'OpenShift access token',
  severity: 'critical',
  about: `
An OAuth access token of
[OpenShift](https://docs.redhat.com/documentation/en-us/openshift_container_platform/4.17/html/authentication_and_authorization/managing-oauth-access-tokens):
it acts on the cluster as the user.
`,
  revoke: 'delete it with `oc delete useroauthaccesstokens`.',
  shapes: [['sha256~', [BASE64URL, 43]]],
});
