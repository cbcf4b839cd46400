import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freshEc, freshEd25519, freshKey, freshRsa, jwkOf, numbersOf, writeCertificate } from './fresh-keys.ts';
import { coreOf, freePort, handshake, start } from './program.ts';
import type { Dump, Scenario } from './scenario.ts';

/** The system's Python: Debian installs its modules for that one only. */
const PYTHON = '/usr/bin/python3';

const CONFIGURATION = `
import base64, json, sys
import xml.etree.ElementTree as ElementTree
kept = {}
kept["jwk"] = json.load(open("jwk.json"))
text = open("config.xml").read()
kept["xml"] = text
kept["tree"] = ElementTree.fromstring(text)
kept["pem"] = open("key.pem").read()
kept["der"] = base64.b64decode("".join(kept["pem"].splitlines()[1:-1]))
kept["wide"] = "\\u20ac" + kept["pem"]
print("ready", flush=True)
sys.stdin.read()
`;

const SSL_SERVER = `
import socket, ssl, sys
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[2], sys.argv[3])
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print("ready", flush=True)
connection, _ = listener.accept()
try:
  with context.wrap_socket(connection, server_side=True): pass
except OSError: pass  # the client hangs up at once
sys.stdin.read()
`;

const CRYPTOGRAPHY = `
import sys
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding
kept = []
for path in sys.argv[1:]:
  key = serialization.load_pem_private_key(open(path, "rb").read(), None)
  text = b"something to sign"
  if hasattr(key, "curve"): key.sign(text, ec.ECDSA(hashes.SHA256()))
  elif hasattr(key, "key_size"): key.sign(text, padding.PKCS1v15(), hashes.SHA256())
  else: key.sign(text)
  kept += [key, key.private_numbers() if hasattr(key, "private_numbers") else None]
print("ready", flush=True)
sys.stdin.read()
`;

/** RSA and ECDSA in plain Python, as the packages `rsa` and `ecdsa` compute them. */
const INTEGERS = `
import sys
kept = []
for line in open("numbers"):
  kind, *words = line.split()
  numbers = [int(word, 16) for word in words]
  if kind == "rsa":
    n, e, d, p, q = numbers
    message = int.from_bytes(b"something to sign" * 8, "big") % n
    signature = pow(message, d, n)
    dp, dq, u = d % (p - 1), d % (q - 1), pow(q, -1, p)
    m2 = pow(message, dq, q)
    assert signature == m2 + (pow(message, dp, p) - m2) * u % p * q
  kept.append(numbers)
print("ready", flush=True)
sys.stdin.read()
`;

export const pythonConfiguration: Scenario = {
  name: 'python-config',
  title: 'Python with PEM, DER, JWK and XML from configuration files, core',
  needs: [[PYTHON, '--version']],
  async run(folder): Promise<Dump> {
    const keys = [freshRsa('xml (RSA)'), freshEc('jwk (EC)'), freshRsa('pem (RSA)')] as const;
    writeFileSync(join(folder, 'jwk.json'), JSON.stringify(jwkOf(keys[1], 'ES256')));
    writeFileSync(join(folder, 'key.pem'), keys[2].pem);
    const jwk = keys[0].keyObject.export({ format: 'jwk' });
    const members = {
      Modulus: jwk.n,
      Exponent: jwk.e,
      P: jwk.p,
      Q: jwk.q,
      DP: jwk.dp,
      DQ: jwk.dq,
      InverseQ: jwk.qi,
      D: jwk.d,
    };
    const elements = Object.entries(members).map(
      ([name, value]) => `<${name}>${Buffer.from(value ?? '', 'base64url').toString('base64')}</${name}>`,
    );
    writeFileSync(join(folder, 'config.xml'), `<c><RSAKeyValue>${elements.join('')}</RSAKeyValue></c>`);
    writeFileSync(join(folder, 'service.py'), CONFIGURATION);
    const program = await start(PYTHON, ['service.py'], { folder, ready: /ready/ });
    return { path: coreOf(program, folder), keys };
  },
};

export const pythonSsl: Scenario = {
  name: 'python-ssl',
  title: 'Python ssl server, core after a handshake',
  needs: [
    [PYTHON, '-c', 'import ssl'],
    ['openssl', 'version'],
  ],
  async run(folder): Promise<Dump> {
    const keys = [freshRsa('server certificate (RSA)')] as const;
    const files = writeCertificate(folder, 'rsa', keys[0]);
    writeFileSync(join(folder, 'server.py'), SSL_SERVER);
    const port = await freePort();
    const argv = ['server.py', String(port), files.certificate, files.key];
    const program = await start(PYTHON, argv, { folder, ready: /ready/ });
    await handshake(port, 'RSA-2048');
    return { path: coreOf(program, folder), keys };
  },
};

export const pythonCryptography: Scenario = {
  name: 'python-cryptography',
  title: 'Python cryptography, signing and private_numbers(), core',
  needs: [[PYTHON, '-c', 'import cryptography']],
  async run(folder): Promise<Dump> {
    const keys = [freshRsa('signer (RSA)'), freshEc('signer (EC)'), freshEd25519('signer (Ed25519)')] as const;
    for (const [i, key] of keys.entries()) writeFileSync(join(folder, `${i}.pem`), key.pem);
    writeFileSync(join(folder, 'signer.py'), CRYPTOGRAPHY);
    const program = await start(PYTHON, ['signer.py', '0.pem', '1.pem', '2.pem'], { folder, ready: /ready/ });
    return { path: coreOf(program, folder), keys };
  },
};

export const pythonIntegers: Scenario = {
  name: 'python-int',
  title: 'Python with RSA and EC in integers, core',
  needs: [[PYTHON, '--version']],
  async run(folder): Promise<Dump> {
    const keys = (['RSA-2048', 'RSA-3072', 'RSA-4096', 'P-256', 'P-384', 'P-521'] as const).map((kind) =>
      freshKey(kind),
    );
    const lines = keys.map(({ key }) => [key.type, ...numbersOf(key)].join(' '));
    writeFileSync(join(folder, 'integers.py'), INTEGERS);
    writeFileSync(join(folder, 'numbers'), lines.join('\n'));
    const program = await start(PYTHON, ['integers.py'], { folder, ready: /ready/ });
    return { path: coreOf(program, folder), keys };
  },
};
