// OpenAI API key: `sk-…T3BlbkFJ…`
import { BASE62, BASE64URL } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'openai-api-key',
  title: 'OpenAI API key',
  severity: 'high',
  about: `
A key of the [OpenAI API](https://platform.openai.com/docs/api-reference/authentication): of a project, a service account
or an administrator, or the older form. All hold the base64 of \`OpenAI\`.
`,
  revoke: 'revoke the key in the settings of OpenAI.',
  shapes: [
    { parts: ['sk-proj-', [BASE64URL, 74], 'T3BlbkFJ', [BASE64URL, 74]], anchor: 2 },
    { parts: ['sk-proj-', [BASE64URL, 58], 'T3BlbkFJ', [BASE64URL, 58]], anchor: 2 },
    { parts: ['sk-svcacct-', [BASE64URL, 74], 'T3BlbkFJ', [BASE64URL, 74]], anchor: 2 },
    { parts: ['sk-svcacct-', [BASE64URL, 58], 'T3BlbkFJ', [BASE64URL, 58]], anchor: 2 },
    { parts: ['sk-admin-', [BASE64URL, 74], 'T3BlbkFJ', [BASE64URL, 74]], anchor: 2 },
    { parts: ['sk-admin-', [BASE64URL, 58], 'T3BlbkFJ', [BASE64URL, 58]], anchor: 2 },
    { parts: ['sk-', [BASE62, 20], 'T3BlbkFJ', [BASE62, 20]], anchor: 2 },
  ],
  wide: true,
});
