// RubyGems API key: `rubygems_…`
import { HEX } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'rubygems-api-key',
  title: 'RubyGems API key',
  severity: 'critical',
  about: `
An API key of [rubygems.org](https://guides.rubygems.org/api-key-scopes/), as in \`~/.gem/credentials\`: it publishes gems.
`,
  revoke: 'delete it under *API keys* on rubygems.org, then check the versions published since.',
  shapes: [['rubygems_', [HEX, 48]]],
});
