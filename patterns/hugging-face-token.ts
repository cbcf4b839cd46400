// Hugging Face token: `hf_…`
import { LETTERS } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'hugging-face-token',
  title: 'Hugging Face token',
  severity: 'high',
  about: `
An access token of [Hugging Face](https://huggingface.co/docs/hub/security-tokens), of a user (\`hf_\`) or an organisation
(\`api_org_\`).
`,
  revoke: 'invalidate it in the settings of Hugging Face.',
  shapes: [
    ['hf_', [LETTERS, 34]],
    ['api_org_', [LETTERS, 34]],
  ],
});
