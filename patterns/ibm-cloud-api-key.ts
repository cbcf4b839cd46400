// IBM Cloud API key: a value behind names such as `IBMCLOUD_`.
import { BASE64URL } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'ibm-cloud-api-key',
  title: 'IBM Cloud API key',
  severity: 'critical',
  about: `
An API key of [IBM Cloud](https://cloud.ibm.com/docs/account?topic=account-userapikey).
`,
  revoke: 'delete it under *API keys* of IAM.',
  names: ['IBMCLOUD_', 'IC_API_KEY', 'BLUEMIX_', 'IBM_CLOUD_', 'WATSON_'],
  values: [[[BASE64URL, 44]]],
});
