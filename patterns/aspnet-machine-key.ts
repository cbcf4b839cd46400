// ASP.NET machine key: a value behind names such as `validationKey`.
import { UPPER_HEX } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'aspnet-machine-key',
  title: 'ASP.NET machine key',
  severity: 'critical',
  about: `
The validation or decryption key of
[ASP.NET](https://learn.microsoft.com/dotnet/api/system.web.configuration.machinekeysection): who has it forges view state
and logs in as anybody, or runs code.
`,
  revoke: 'make new keys on all servers of the application.',
  names: ['validationKey', 'decryptionKey'],
  values: [[[UPPER_HEX, 128]], [[UPPER_HEX, 64]], [[UPPER_HEX, 48]], [[UPPER_HEX, 40]]],
});
