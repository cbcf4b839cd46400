// LaunchDarkly key: a value behind names such as `LAUNCHDARKLY_`.
import { UUID } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'launchdarkly-key',
  title: 'LaunchDarkly key',
  severity: 'high',
  about: `
An SDK key or API access token of [LaunchDarkly](https://launchdarkly.com/docs/home/account/api).
`,
  revoke: 'reset it in the settings of LaunchDarkly.',
  names: ['LAUNCHDARKLY_', 'LD_SDK_KEY'],
  values: [
    ['sdk-', ...UUID],
    ['api-', ...UUID],
  ],
});
