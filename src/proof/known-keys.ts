/** Published test keys: SHA-256 of the SubjectPublicKeyInfo (lower-case hex) → where the key comes from. */
export const KNOWN_KEYS: ReadonlyMap<string, string> = new Map();
