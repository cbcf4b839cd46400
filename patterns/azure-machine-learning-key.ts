// Azure Machine Learning web service key: an identifiable key, whose checksum has a seed of its own. Format: src/keys/azure-key.ts.
import { defineAzureKey } from '../src/keys/azure-key.ts';

export default defineAzureKey({
  id: 'azure-machine-learning-key',
  title: 'Azure Machine Learning web service key',
  severity: 'high',
  about: `
A key of a web service of Azure Machine Learning ([documentation](https://learn.microsoft.com/azure/machine-learning/how-to-authenticate-online-endpoint)).
`,
  revoke: 'regenerate the keys of the endpoint.',
  signatures: ['+AMC'],
  seeds: ['Classic0'],
  sizes: [64],
});
