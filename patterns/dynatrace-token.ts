// Dynatrace token: `dt0c01.….…`
import { BASE32 } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'dynatrace-token',
  title: 'Dynatrace token',
  severity: 'high',
  about: `
A token of
[Dynatrace](https://docs.dynatrace.com/docs/manage/identity-access-management/access-tokens-and-oauth-clients/access-tokens).
`,
  revoke: 'delete it under *Access tokens*.',
  shapes: [
    ['dt0c01.', [BASE32, 24], '.', [BASE32, 64]],
    ['dt0s16.', [BASE32, 8, 24], '.', [BASE32, 64]],
    ['dt0s01.', [BASE32, 24], '.', [BASE32, 64]],
  ],
});
