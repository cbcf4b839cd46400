// HubSpot private app token: `pat-na1-…`
import { UUID } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'hubspot-token',
  title: 'HubSpot private app token',
  severity: 'high',
  about: `
An access token of a private app of [HubSpot](https://developers.hubspot.com/docs/guides/apps/private-apps/overview).
`,
  revoke: 'rotate it under *Private apps*.',
  shapes: [
    ['pat-na1-', ...UUID],
    ['pat-na2-', ...UUID],
    ['pat-eu1-', ...UUID],
  ],
});
