import { cPrograms } from './c-programs.ts';
import { gnutlsServer } from './gnutls.ts';
import { goCore, goHeapDump, goTls } from './go.ts';
import { gpgAgent, gpgExport } from './gpg.ts';
import { javaCore, javaHprof, javaServiceCore, javaServiceHprof } from './java.ts';
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
import { opensshAgent, opensshBinary, opensshKeys } from './openssh.ts';
import { opensslServers } from './openssl-s-server.ts';
import { putty } from './putty.ts';
import { pythonConfiguration, pythonCryptography, pythonIntegers, pythonSsl } from './python.ts';
import type { Scenario } from './scenario.ts';

/** In the order of the table. */
export const scenarios: readonly Scenario[] = [
  ...opensslServers,
  nginx,
  gnutlsServer,
  ...cPrograms,
  monoRsa,
  nodeKeyObject,
  nodeJose,
  nodeDroppedPem,
  nodeWebCrypto,
  nodePemEnvironment,
  nodeHeapSnapshot,
  nodeReport,
  javaCore,
  javaHprof,
  javaServiceCore,
  javaServiceHprof,
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
  putty,
  gpgExport,
  gpgAgent,
  ...keyless,
];
