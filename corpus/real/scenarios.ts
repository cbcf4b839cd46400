import { cPrograms } from './c-programs.ts';
import { gnutlsServer } from './gnutls.ts';
import { goTls } from './go.ts';
import { gpgExport } from './gpg.ts';
import { javaCore, javaHprof } from './java.ts';
import { keyless } from './keyless.ts';
import { nginx } from './nginx.ts';
import { nodeHeapSnapshot, nodeJose, nodeKeyObject, nodePemEnvironment, nodeReport } from './node.ts';
import { opensshAgent, opensshBinary, opensshKeys } from './openssh.ts';
import { opensslServers } from './openssl-s-server.ts';
import { putty } from './putty.ts';
import { pythonConfiguration, pythonCryptography, pythonSsl } from './python.ts';
import type { Scenario } from './scenario.ts';

/** In the order of the table. */
export const scenarios: readonly Scenario[] = [
  ...opensslServers,
  nginx,
  gnutlsServer,
  ...cPrograms,
  nodeKeyObject,
  nodeJose,
  nodePemEnvironment,
  nodeHeapSnapshot,
  nodeReport,
  javaCore,
  javaHprof,
  pythonConfiguration,
  pythonSsl,
  pythonCryptography,
  goTls,
  opensshKeys,
  opensshBinary,
  opensshAgent,
  putty,
  gpgExport,
  ...keyless,
];
