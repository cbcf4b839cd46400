/**
 * Passwords that protect nothing: defaults of tools and manuals. Tried on keystores; not a dictionary attack.
 * Most common first, because slow key derivations only get the first few.
 */
export const DEFAULT_PASSWORDS: readonly string[] = [
  '', // openssl pkcs12 -passout pass:, Azure Key Vault
  'changeit', // keytool, Java's own trust store
  'password',
  'changeme',
  'secret',
  'android', // Android's debug keystore
  'notasecret', // Google service accounts
  'test',
  '123456',
  'keystore',
  'storepass',
  'keypass',
  'mimikatz', // PFX files that mimikatz exports
  'admin',
  'default',
  'pass',
  '1234',
  'key',
];
