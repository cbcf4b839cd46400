// Pulumi access token: `pul-…`
import { HEX } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'pulumi-access-token',
  title: 'Pulumi access token',
  severity: 'critical',
  about: `
An access token of [Pulumi Cloud](https://www.pulumi.com/docs/pulumi-cloud/access-management/access-tokens/): it reads
state and its secrets.
`,
  revoke: 'delete it under *Access tokens*, and rotate what the stacks hold.',
  shapes: [['pul-', [HEX, 40]]],
});
