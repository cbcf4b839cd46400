// Pinecone API key: `pcsk_…_…`
import { BASE62 } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'pinecone-api-key',
  title: 'Pinecone API key',
  severity: 'high',
  about: `
An API key of [Pinecone](https://docs.pinecone.io/guides/projects/manage-api-keys).
`,
  revoke: 'delete the key in the console of Pinecone.',
  shapes: [['pcsk_', [BASE62, 5, 6, 'any'], '_', [BASE62, 63]]],
});
