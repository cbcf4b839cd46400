// NuGet API key: `oy2…`
import { LOWER36 } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'nuget-api-key',
  title: 'NuGet API key',
  severity: 'critical',
  about: `
An API key of [nuget.org](https://learn.microsoft.com/nuget/nuget-org/publish-a-package): it publishes packages.
`,
  revoke: 'delete it under *API Keys* on nuget.org, then check the versions published since.',
  shapes: [['oy2', [LOWER36, 43]]],
  wide: true,
});
