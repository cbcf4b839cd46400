// NT hashes as pwdump, secretsdump and their kin print them: user, RID, the LM hash of nothing, NT hash.
import { HEX } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'ntlm-hash',
  title: 'NT hash of a Windows account',
  severity: 'critical',
  about: `
The NT hash of an account's password in the lines that tools print from SAM and NTDS.dit ([MS-NLMP](https://learn.microsoft.com/openspecs/windows_protocols/ms-nlmp/)). It logs in as
the password does.
`,
  revoke: 'change the password of the account (of `krbtgt` twice), and find out who ran the tool.',
  shapes: [['aad3b435b51404eeaad3b435b51404ee:', [HEX, 32], ':::']],
});
