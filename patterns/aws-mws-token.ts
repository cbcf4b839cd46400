// Amazon MWS auth token: `amzn.mws.…`
import { UUID } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'aws-mws-token',
  title: 'Amazon MWS auth token',
  severity: 'high',
  about: `
An auth token of the [Amazon Marketplace Web Service](https://developer-docs.amazon.com/sp-api).
`,
  revoke: 'revoke the authorisation in Seller Central.',
  shapes: [['amzn.mws.', ...UUID]],
});
