// PyPI's tokens: `pypi-` and a macaroon in base64url, whose first bytes name pypi.org or test.pypi.org.
import { BASE64URL } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'pypi-token',
  title: 'PyPI token',
  severity: 'critical',
  about: `
An API token of [PyPI](https://pypi.org/help/#apitoken) or TestPyPI, as in \`.pypirc\` and environments of CI: it publishes packages.
`,
  revoke: 'remove it in the account settings of PyPI, then check the releases published since.',
  shapes: [
    ['pypi-AgEIcHlwaS5vcmc', [BASE64URL, 80, 1000]],
    { parts: ['pypi-AgENdGVzdC5weXBpLm9yZw', [BASE64URL, 80, 1000]], severity: 'low' },
  ],
  search: 'pypi-AgE',
  wide: true,
});
