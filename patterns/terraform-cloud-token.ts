// Terraform Cloud token: `.atlasv1.…`
import { BASE62 } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'terraform-cloud-token',
  title: 'Terraform Cloud token',
  severity: 'critical',
  about: `
An API token of [HCP
Terraform](https://developer.hashicorp.com/terraform/cloud-docs/users-teams-organizations/api-tokens), of a user, a team
or an organisation.
`,
  revoke: 'delete it in the settings of HCP Terraform, and rotate the variables it could read.',
  shapes: [{ parts: [[BASE62, 14], '.atlasv1.', [BASE62, 67]], anchor: 1 }],
  wide: true,
});
