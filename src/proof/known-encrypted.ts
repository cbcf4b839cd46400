import { toHex } from '../bytes/public-text.ts';
import { sha256 } from './hash.ts';

/**
 * Encrypted private keys that manuals and tests print, and such of algorithms that aren't known here: SHA-256 of the octets in the document
 * (lower-case hex) → where it comes from. They have no public half that could be seen; the octets are as public as the document.
 * Extended by scripts/known-keys.mjs.
 */
export const KNOWN_ENCRYPTED: ReadonlyMap<string, string> = new Map([
  ['2f14e8525d5d4a8e8e5566de426c7419fcb5a55c5d305c30168b31827ebf3633', 'CPython tests, encrypted'],
  ['63b996de3c96ed1668fdeef20ca754c621762006f2631beb80db659fdc809755', 'CPython tests, encrypted'],
  ['676951ec40b98fb590e4288fe2398dd5f651a543a4d3cccc63913adac0a5e31f', 'CPython tests, encrypted'],
  ['67af3c68369d9655e207b312761a115835511c09a59a6bc09230266e0dac7345', 'CPython tests, encrypted'],
  ['bb0de3a794373b94ed23f05489f236b5a9fb6f10283201fbda30dc9f9c53b245', 'CPython tests, encrypted'],
  ['d571cb8b3c8c569f12dbf2e9951690332eb4319c60cc579c0dec942471015b78', 'CPython tests, encrypted'],
  ['2757390492184be9b158087b616bd546886a4b41c88023c274eeade9df89453d', 'CryptX manual, encrypted'],
  ['58746eda8908d939a733895a5309f18e7beeb5ab89b97fbd6ffde9d8b0bff1cd', 'CryptX manual, encrypted'],
  ['628ef365acdb9d752914e23bb0ff27a182b257b422de0cd8d1c9289a8a5115c7', 'CryptX manual, encrypted'],
  ['6a4faa412a5839113f15cef2e573a6823a3a58cb7c3f5e17486c052fb627d8e7', 'CryptX manual, encrypted'],
  ['bd2b3cf6e64f7e3106843a7560e166129d2c5563c5b19a6ab683a5618fd9d126', 'CryptX manual, encrypted'],
  ['d4fc5055f5413eb1b001660075a768005a668deb881aab808b68e46820926fbc', 'CryptX manual, encrypted'],
  ['e7d644c93f00ef4b5eddacba9aced537248bbaa7b53067bf3a51628a14f6d7ef', 'CryptX manual, encrypted'],
  ['f08bb4ea8cf6f98ca37d31f263e0ad4b17a4ae21a000c93de442280c86d145b1', 'CryptX manual, encrypted'],
  ['233e44d393206050b105a58e361140ed3c5e94fccb44a992237c16f135821c97', 'GnuTLS self-test GOST'],
  ['4367eaaff17f44d4f3b1c95a491a66aed4240fdbdeaec54e85b95ea25c4e88d1', 'GnuTLS self-test GOST'],
  ['7b889a88d7172e17b1a787cb053847bd8d845f992bb49c9f6f009e61ef31eb55', 'GnuTLS self-test GOST'],
  ['bae2b9643e0cea00be93cb55e97ad22692c8cd487056728aa89f96a85cd8d3fe', 'GnuTLS self-test GOST'],
  ['be57d489ad4044360e258986bdb2bb971f77e00497c649d4388f09a75e0887a8', 'Net::SSLeay example, encrypted'],
  ['1174b37b366c18f890670d8d253731816de13547857d0640a3b8dfeb7a34d60f', 'OpenSSL tests, encrypted'],
  ['21f1a04fb06638f0df0483fd5a3f98fe39aa446b870f35d8a967c4d61bbb97b0', 'OpenSSL tests, encrypted'],
  ['6e4734e3db239c4ecca0b739f2a029e1cf420621f2a27b5b283dd1244e171f09', 'OpenSSL tests, encrypted'],
  ['886eab4f37664ed3a661f5eb663c05cde6427818fa2789c99ff0bf9abc41876f', 'OpenSSL tests, encrypted'],
  ['89e9b2ed32210b578b43df5c573daee99833a870545f39468663b31eeb10b21e', 'OpenSSL tests, encrypted'],
  ['c50307a350ba5bb481fb2337acb30e6359f5d18a9bc70a814159f90c81ca72ff', 'OpenSSL tests, encrypted'],
  ['bf187e6decce8abed1010a12e180ad72936ed0939b32d67dfe09eda9a4a118d6', 'Puma examples, encrypted'],
  ['0d6dcda2fff88cd5c2e9fa3297d1b2b16e273c5c73f46e7c59cc0f98cac0fb59', 'R openssl tests, encrypted'],
  ['17c712ea64f8728a68bfae17da30d157ca3606768096d871ea8b171a12f08f84', 'R openssl tests, encrypted'],
  ['3483c0512333742f3db47d637b4fe67488e8809e2324ff72e1483924c3ec3ca0', 'R openssl tests, encrypted'],
  ['49d5f1bd9f163fa5a07696e34393b3c123d9a777bd6402046c0d64239a08aaec', 'R openssl tests, encrypted'],
  ['651ebb8988f6ce5e44548219e78451cee1dcbb6efe91cefab251c9b8cb41b225', 'R openssl tests, encrypted'],
  ['a6f9dd64e1deb198b972817081a4efe399745f9fff92088095a96f40ab91da4a', 'R openssl tests, encrypted'],
  ['c3412d53faa15e774ea82c9e44e409aa4cf226f534d8520a4e4a560b829fb03b', 'R openssl tests, encrypted'],
  ['c6e7a65c7c9caadb9ac8b95426b8d3a6ef3bdc93669cb4454bf6f19308119236', 'R openssl tests, encrypted'],
  ['d77806808496881d4a3cf2fa750404492d0911812cca7e0d9881e5be0b5af30b', 'R openssl tests, encrypted'],
  ['ed1eda8fbd77762c42f237295c1c43bb13d5aef4c562d6b882ff0650b5ab37ae', 'R openssl tests, encrypted'],
  ['ef8aa5e5359def9888a7878170a8e6bd81b7dbe3d01e5d07d544a821d0bb6948', 'R openssl tests, encrypted'],
  ['9db11b000ca5200d1944078f2a2340e8a801c2b5164156ec72c6d8e4038eecbc', 'google-auth tests, encrypted'],
  ['0225fe2725e43e15a189c6ad50dfd0afceda42c61ab25c26955ef545200edf9e', 'pyca cryptography tests, encrypted'],
  ['2a64adccb427cc50c1c8c1ca54534c01bd262b9a879193efe83e1318c8b810af', 'pyca cryptography tests, encrypted'],
  ['4308717b84dcbaae3939e9a0cb235fe175d8c27cb7d620d83e9ec0aa4c2cea4e', 'pyca cryptography tests, encrypted'],
  ['4929e98d5b85f302494d29d8bd8f591548f539cfe051235ddd5ecc12fbd62373', 'pyca cryptography tests, encrypted'],
  ['8059cd28122153cd4aa72c1baac6c6672e08f157a31d67ac9b19c5da30588c12', 'pyca cryptography tests, encrypted'],
  ['8b5c61bb06913f0a171ab22fb8639997f9553728ba05877a2db0734b0ebe5a66', 'pyca cryptography tests, encrypted'],
  ['bcc3b93a74e94ad78801063343ad22683218dd64dc8cf760d729ff9f4069e7f8', 'pyca cryptography tests, encrypted'],
  ['d2daa37131c99f21d0c0bb14643cdc6e601dc765f3ab4883183cea272bbe4645', 'pyca cryptography tests, encrypted'],
  ['dc649f61da27075bd3877dca64fc739ef8c4f956b978859821e6381374f62c4a', 'pyca cryptography tests, encrypted'],
  ['e30d4ef6277289d23f93482abb4df8e627f14bcda38eb0ad013f2069e8e116dc', 'pyca cryptography tests, encrypted'],
  ['faa0f20741715e49c7625e45dabde2954fb844151a41dd987bbf881c527d3128', 'pyca cryptography tests, encrypted'],
  ['fc2fdf7e6ceaee066c6fd6220909800aa7ec83c0d8065d625056ce006ae655f3', 'pyca cryptography tests, encrypted'],
  ['fc4e6cbb8fd59a304425434f844519e5d7c766dba1151832ce5916b778686046', 'pyca cryptography tests, encrypted'],
  ['ffe3778bb0de8474c17c8de80a37679bb8549f1fd7fdfdea5ca029eed9ad7054', 'pyca cryptography tests, encrypted'],
  ['7f2a7626e479b705e3c76cfe3363fb9f5ce68b5067b8db31657467b5cbfb7b4e', 'tcl-tls examples, encrypted'],
]);

/** Where a published encrypted key comes from; undefined for all others. */
export function knownEncrypted(octets: Uint8Array): string | undefined {
  return KNOWN_ENCRYPTED.get(toHex(sha256(octets)));
}
