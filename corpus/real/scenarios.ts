import { bareNumbers, javaSeeds } from './bare-numbers.ts';
import { cPrograms } from './c-programs.ts';
import { dropbear } from './dropbear.ts';
import { gnutlsServer } from './gnutls.ts';
import { goCore, goHeapDump, goTls } from './go.ts';
import { gpgAgent, gpgExport } from './gpg.ts';
import { hmacContexts, javaHs256, nodeHs256 } from './hmac.ts';
import { javaCore, javaHprof, javaServiceCore, javaServiceHprof } from './java.ts';
import { jsBignum } from './js-bignum.ts';
import { keyless } from './keyless.ts';
import { monoRsa } from './mono.ts';
import { nginx } from './nginx.ts';
import {
  nodeDroppedPem,
  nodeHeapSnapshot,
  nodeJose,
  nodeKeyObject,
  nodePemEnvironment,
  nodeReport,
  nodeWebCrypto,
} from './node.ts';
import { ecdsaNonces } from './nonces.ts';
import { opensshAgent, opensshBinary, opensshKeys } from './openssh.ts';
import { opensslServers } from './openssl-s-server.ts';
import { putty } from './putty.ts';
import { pythonConfiguration, pythonCryptography, pythonIntegers, pythonSsl } from './python.ts';
import type { Scenario } from './scenario.ts';
import { torService } from './tor.ts';

/** In the order of the table. */
export const scenarios: readonly Scenario[] = [
  ...opensslServers,
  nginx,
  gnutlsServer,
  ...cPrograms,
  hmacContexts,
  ecdsaNonces,
  torService,
  monoRsa,
  nodeKeyObject,
  nodeJose,
  nodeDroppedPem,
  nodeWebCrypto,
  nodePemEnvironment,
  nodeHeapSnapshot,
  nodeReport,
  nodeHs256,
  jsBignum,
  bareNumbers,
  javaCore,
  javaHprof,
  javaServiceCore,
  javaServiceHprof,
  javaHs256,
  javaSeeds,
  pythonConfiguration,
  pythonSsl,
  pythonCryptography,
  pythonIntegers,
  goTls,
  goCore,
  goHeapDump,
  opensshKeys,
  opensshBinary,
  opensshAgent,
  dropbear,
  putty,
  gpgExport,
  gpgAgent,
  ...keyless,
];
