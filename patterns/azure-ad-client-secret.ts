// Secrets of Entra ID (Azure AD) applications: three characters, a digit, `Q~`, 31 to 34 characters. Newer ones (`8Q~`) end in
// half a checksum whose alphabet Microsoft does not document.
import { BASE62 } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

const CHARACTERS = `${BASE62}._~-`;

export default defineToken({
  id: 'azure-ad-client-secret',
  title: 'Entra ID (Azure AD) client secret',
  severity: 'critical',
  about: `
The secret of an application of [Microsoft Entra ID](https://learn.microsoft.com/entra/identity-platform/how-to-add-credentials): with the application's ID it logs in as the application.
`,
  revoke: 'delete it under *Certificates & secrets* of the app registration, then check the sign-in logs for its use.',
  shapes: ['7Q~', '8Q~'].map((mark) => ({
    parts: [[BASE62, 3, 3, 'any'], mark, [CHARACTERS, 31, 34]],
    anchor: 1,
  })),
  wide: true,
});
