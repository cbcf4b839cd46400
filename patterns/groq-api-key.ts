// Groq API key: `gsk_…WGdyb3FY…`
import { BASE62 } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'groq-api-key',
  title: 'Groq API key',
  severity: 'high',
  about: `
An API key of [Groq](https://console.groq.com/docs/quickstart); it holds the base64 of \`groq\`.
`,
  revoke: 'delete the key in the console of Groq.',
  shapes: [{ parts: ['gsk_', [BASE62, 20], 'WGdyb3FY', [BASE62, 24]], anchor: 2 }],
});
