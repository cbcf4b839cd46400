/**
 * Published test keys: SHA-256 of the SubjectPublicKeyInfo (lower-case hex) → where the key comes from. Programs carry
 * them as constants, so they are in the core of every process that runs those programs.
 */
export const KNOWN_KEYS: ReadonlyMap<string, string> = new Map([
  // apps/testrsa.h of OpenSSL, for `openssl speed`.
  ['7055066ee3969c25d66c1b891c252e83db653ae6834cd60e49250a4af73a97fe', 'OpenSSL speed RSA-512'],
  ['0ea7caf9dd07fd79fe22ceb5efbbd7d4445d231e92ee1bf3b2a022eaffb00495', 'OpenSSL speed RSA-1024'],
  ['a6fdc2c6d07aa877e3ac360c2ce5efb69ab7dce2fd8df3c1bce0564b17114bc2', 'OpenSSL speed RSA-2048'],
  ['01e67e56244b43b668e2b9a697daaafcfb501fa78de2fcc4aa32bdae6dd94af6', 'OpenSSL speed RSA-3072'],
  ['adadc3246bb4830551c6da143d7462727967bda53059ae6f152323b0aba69595', 'OpenSSL speed RSA-4096'],
  ['d2d8c7d1de1e118e810c15eb7f8d9560a433e15cd55eac52aade81d6669cf133', 'OpenSSL speed RSA-7680'],
  ['cebf59a465ccd9c42a7f7f6a789cc741d43cacbc502587ed1c5f0f4e445f1c39', 'OpenSSL speed RSA-15360'],
  // lib/crypto-selftests-pk.c of GnuTLS, in the shared library.
  ['5a9214aa789ffe021992636dd17ca313f340948e604d4122735160f3d46688a0', 'GnuTLS self-test RSA-2048'],
  ['dd0701715ac41b7b96a2c8fe7a762b0ee05215f4f21c44d9458f1d2e2d57427d', 'GnuTLS self-test DSA-2048'],
  ['c305f632b9f12913e548002d5e48435fccfb7a54f4e6f2255c055d9b99794b69', 'GnuTLS self-test P-192'],
  ['965237ca6ba836733f2b6436d66516dc01ef2d58825d3b4aa6b9061a76c7a9ce', 'GnuTLS self-test P-224'],
  ['5bd7bad40971be901e68d9b97405c3a3e996adbede885869b270185ad499108e', 'GnuTLS self-test P-256'],
  ['6e1900f654edb2e599930c8a287c7263ea170f010826630893227e7cec221586', 'GnuTLS self-test P-384'],
  ['215fde895c12883e29036f5bd38c22467657f3cabbc77d7e9e328ab5f4ae39f2', 'GnuTLS self-test P-521'],
  // net/http/internal/testcert of Go, in every program that links net/http/httptest.
  ['64eebde4d94a861ca1b062a103ef51d4d8a2c1b0a2133838198230e9c85407ed', 'Go testcert RSA-2048'],
  ['389f9ede520dbc33d2aebc489246ad89e221d1ec15f693c348c58b08219367aa', 'Go testcert RSA-2048'],
  // Test vectors of standards, in self-tests and documentation.
  ['06e3fd8fda29bb60ab59557de61edb0aecdb231134be30e75b455f8e1b792fa9', 'RFC 8032 and RFC 8037 Ed25519, test 1'],
  ['deb2ded39dc26fce0e6085b6fc34bf6b5941913bbfe2ea614113cff9e004c170', 'RFC 8032 Ed25519, test 2'],
  ['8d39ba50abe50f77b6bb8ae7b6927aff7ffbeba35ad2837c0e51e82bcbcc60d5', 'RFC 8032 Ed25519, test 3'],
  ['a1e9156054e04fac899ae9f275132cdc07a5dbc4ea2c2ad3a1ffc6e0d253681f', 'RFC 8410 Ed25519'],
  ['291c5293e030452a599851a7c7298f3f16c3ff1bdfafcb598927f2631f9fa641', 'RFC 7748 X25519, Alice'],
  ['e80c4532355b04160b97b1bee8a3e13cc7369c22a786afdfe63b1f7acbc34b52', 'RFC 7748 X25519, Bob'],
]);
