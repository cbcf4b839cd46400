// NVIDIA API key: `nvapi-…`
import { BASE64URL } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'nvidia-api-key',
  title: 'NVIDIA API key',
  severity: 'high',
  about: `
An API key of the [NVIDIA API catalogue and NGC](https://docs.nvidia.com/ngc/gpu-cloud/ngc-user-guide/index.html).
`,
  revoke: 'delete the key in the settings of NGC.',
  shapes: [['nvapi-', [BASE64URL, 64]]],
});
