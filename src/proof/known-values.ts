import { toHex } from '../bytes/public-text.ts';
import { sha256 } from './hash.ts';

/**
 * Example values that specifications, manuals and tests print, and secrets of installed applications, which their makers
 * publish: SHA-256 of the characters (lower-case hex) → where the value comes from. Extended by scripts/known-keys.mjs.
 */
const KNOWN_VALUES: ReadonlyMap<string, string> = new Map([
  ['12ff915a8fff182f9763f7a9211d35a4d6a2f23409a98535b01325e320c062c9', 'AWS manual'],
  ['16529b293d4d3f1a6f8fe7ef5ad0ede5a032d3da3e7825c10160a7505a9b5740', 'AWS manual'],
  ['237acc64cdcc91b386d3fdc5b4f9b8e09beb04e348453b30daecf4ce36851eb9', 'AWS manual'],
  ['3cbbf95303d2b994e01c49b0f61650a0c5c3f6dba2a1d65f2632e5ed5ba3d94f', 'AWS manual'],
  ['475dddd7e494f2d176ef68160ad28f92b5ff49e1d09c3c90dc174ec4d85e9ef4', 'AWS manual'],
  ['4c7b3f40e866bf984951008d3267138c07663baf6e8eeb77bd91d72141ea8faa', 'AWS manual'],
  ['6caa448826c11cd39c78a3a223c3ddb55358c975c0456e37058ccfbc559c86ce', 'AWS manual'],
  ['7ca486cbe6b13db5061422f957ddd65b3d424f85caa811fdf155f5a372c68403', 'AWS manual'],
  ['9268d57ecf6b736e429eb7d3fbbed9500ab9a1c569edf16dceff06d3383791d3', 'AWS manual'],
  ['95a66051cb8d036fdb4f11cf1cb6607fa9893513820b491b55db06fdfce6d580', 'AWS manual'],
  ['a608b49ccc8b0f827f68707ecf1bb67b0b1f83274aeb30acb3ca143be5f48d78', 'AWS manual'],
  ['c0a9271ec8c34c6606bd1bc02405be1527b5d821d81af1482101c28818ac16f1', 'AWS manual'],
  ['d8ccc3c547c850170a24a46dceca05861438dca7b115589739d526d2df404b66', 'AWS manual'],
  ['e0a33b21e05584f770e104084eedbc8d2dbe42f1029addcf0bfda4942d44dd76', 'AWS manual'],
  ['e6c2d3455587c47ccdd3df1271882656bc27be85f8eb6576eea35fe1aafa172a', 'AWS manual'],
  ['eef168423ab2e49f67b3dd18523cd90e3e2120f63d1b783e0c7c6319213c2870', 'AWS manual'],
  ['f420161d76f067dddce7bd3f694d8176326edc0a48d628ef8a3739a75dac5318', 'AWS manual'],
  ['8d827189fa61f0c0c8aedd1bb799e835865120e24231f9a29eb1f55aef2eb767', 'CPython tests'],
  ['3c14aab79351be94e9c4202d8f6d28c4a5d73cfb2e6e302d2d2478159ef57f9f', 'Cargo manual'],
  ['6c645436ca13b08a955a78729ebc76b170bf6b05e948878caf72ddfa9fcd3309', 'Go tests'],
  ['6dee3e4410f107c38fe9e95c1331a380554b22eecbd38fbae29ba0ec21e98ca5', 'Go tests'],
  ['28a9d0634db5ab1f241c14d523fa0b4f874cf6255ae92b1670902bc112bcbcfb', 'Jetty demo'],
  ['3f3f774c2e151cd273bbc6221b15517d4233916491254fd18980f180e885cebc', 'Jetty demo'],
  ['490c19d14182562ed8bb0a6b7950b64e8c20ef10c9912ae2fbf0d7117e7b8ea0', 'Node.js manual'],
  ['1a9e7de3fd045251395dfb186491794be6f20a7b46b5ac1caa60f33c36e1249d', 'PyJWT manual'],
  ['bf145d9380bbe05bdc1a72525796b224f8a8c93ae0e9e102eafbc255ac1af9e8', 'PyJWT manual'],
  ['00cf4c781dc37003f7c7dd7d4c9a6ef1e0f4c62d9a291aa8bc398774e3fefd32', 'RFC 6749 example'],
  ['6c96130f130ab0d6d158397e24d2bcc1c9a5e73ae081f6e983f1c7b545d24a4c', 'RFC 6749 example'],
  ['ca7459e2b26776de081b9a07e40227fd6cff232a1e3233ff6b6aa6d036ca9981', 'RFC 6749 example'],
  ['6e03f222ede3e7c7f75543558c9db60f931d567a3e993ba563f711c0d8b6ff46', 'Ruby change log'],
  ['5a1b9bcddbfdcf24f27aa769129a2e584d50550d2d1a53296e7dde2694ee1e88', 'SHA-256 of nothing'],
  ['5c4074cf6deb47f5b6af9c5fe3e0bbd0e42b9596fe88ac54d5c6b6ef987e0f20', 'SHA-256 of nothing'],
  ['cd372fb85148700fa88095e3492d3f9f5beb43e555e5ff26d95f5a6adc36f8e6', 'SHA-256 of nothing'],
  ['f8bbb0ccb2491ca29a3df03d6f92277a4f3574266507acd77214d37eca3f3082', 'SHA-256 of nothing'],
  ['2a5049ed45b470054f963b922905d77ba7cbd0674ebf8a2639c571e7eb1c1974', 'SHA-512 of nothing'],
  ['a2d83046e692cc5fa867afdde6a1744974bc7f08e46460771f03d59958496dd6', 'SHA-512 of nothing'],
  ['ed1eee09b0c4690154e93d2c62a944d77e70ec47c19be34dec81081a898758f5', 'SHA-512 of nothing'],
  ['fb2589f47715370cb750a102d862dfc322aea801c05ace86b611621c8317b351', 'SHA-512 of nothing'],
  ['4121a99cabcbaa0cd88e0f309f5c4272f51d900e51cb955c2bacdd48d0e77e09', 'WireGuard example'],
  ['92e47208ca286b05cfb9f2ed210dd5d83f7fdc1a97a4ea06d1a6e59af9b6071a', 'WireGuard example'],
  ['72a2c4ce7344b0ff72f8b19ee938bbbd653ad58829a509d77ca4168aa171e777', 'boto tests'],
  ['486743a2eab4395e9aa988000e855c5291ce88be9dda6adb680537076941c28d', 'bq client'],
  ['7ff94b66a664182cb5b97d9158888e2b95622d3ab141d8df98035077fa4ebe15', 'chardet tests'],
  ['0589bf063c8c9ae6ddcfe3e930d48c753495e3598ceabcc74098148ce31120ee', 'charset-normalizer tests'],
  ['5f146a55865f0135f5c69c342ca579f66e3f1dfe4b994c51cfa3d5cdea4d4aaa', 'charset-normalizer tests'],
  ['456a51b1f1b3cf3ed76de579926f0727797eb6efb4b7e6a53c74f9a94c95d87a', 'gcloud client'],
  ['6189b36d964849f34370088524ad63c235eba30974ee3da0d966ed6bac16b50d', 'gcloud client'],
  ['a73b3ad3b416d981fce267795785aee45bf39224fa07ce8a2e2f5a9fa89ef979', 'gcloud client'],
  ['f0386f9be1fe905fb2f97a8daff11a9baa9988ceca7c2ecae4aec8db182db1b4', 'gcloud client'],
  ['ed44042df90a02f1c94b7c951d0e218852d716ac05b47f0f109e7ea43f8b9686', 'google-auth tests'],
  ['b3f19cc85129501b94306e7892b522f46fa2dcda7da664cc74a0ca9314d7d984', 'gsutil client'],
  ['6a81b2429c0ba421955f8772675488d1689d9a24aa1c96a6f1c4c70b708af1fa', 'kubectl manual'],
  ['f53cddc280b557329a105bd75d086e19f425b156106a657eeba4074aed791032', 'kubernetes tests'],
  ['2c3b6ecb5a3758f5aa56b3bee7ada66a64fd28cce7f8c556acfec0387182d1bc', 'moto constant'],
  ['e4b5d7f14fcef3d71983fe7532479d334cbaec422a1d0037533e72a41f2146a7', 'moto constant'],
  ['ecb0e7ba498c5920991f0b3483e91f7abafa9ecc6bd82a9a51494589592b1a8f', 'scure-bip39 manual'],
  ['7f75367e7881255134e1375e723d1dea8ad5f6a4fdb79d938df1f1754a830606', 'zod tests'],
]);

/** Where a published value comes from; undefined for all others. */
export function knownValue(value: Uint8Array): string | undefined {
  return KNOWN_VALUES.get(toHex(sha256(value)));
}
