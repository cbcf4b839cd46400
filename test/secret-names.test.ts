/** Recall of values behind names: the spellings of each language of configuration and programs, written here. */
import { describe, expect, it } from 'vitest';
import { createMake } from '../corpus/make.ts';
import secretKeyword from '../patterns/secret-keyword.ts';
import { generatedBits } from '../src/bytes/random-text.ts';
import { createScanner } from './support/scan-bytes.ts';

const make = createMake('secret-names');
const scanner = await createScanner([secretKeyword]);

/** Names as each style writes them. */
const STYLES = {
  upper: [
    'DB_PASSWORD',
    'CLIENT_SECRET',
    'API_KEY',
    'ACCESS_TOKEN',
    'MYSQL_PASSWD',
    'APIKEY',
    'SMTP_PASS',
    'SSH_PASSPHRASE',
    'PRIVATE_KEY',
    'DB_PWD',
  ],
  snake: [
    'password',
    'db_password',
    'client_secret',
    'api_key',
    'access_token',
    'secret_key',
    'private_key',
    'passphrase',
    'db_pass',
    'auth_token',
  ],
  camel: [
    'password',
    'dbPassword',
    'clientSecret',
    'apiKey',
    'accessToken',
    'secretKey',
    'privateKey',
    'sharedAccessKey',
    'authToken',
    'passphrase',
  ],
  pascal: [
    'Password',
    'DbPassword',
    'ClientSecret',
    'ApiKey',
    'AccessToken',
    'SecretKey',
    'AccountKey',
    'SharedAccessKey',
    'Pwd',
    'Secret',
  ],
  kebab: [
    'password',
    'db-password',
    'client-secret',
    'api-key',
    'access-token',
    'secret-key',
    'private-key',
    'auth-token',
  ],
  dotted: ['db.password', 'spring.datasource.password', 'app.secret', 'app.api.key', 'app.token', 'client.secret.key'],
  foreign: [
    'passwort',
    'Passwort',
    'kennwort',
    'DB_Kennwort',
    'mot_de_passe',
    'motDePasse',
    'contrasena',
    'contrase\u00f1a',
  ],
} as const;

/** `%n` is the name, `%v` the value. */
const SPELLINGS: Readonly<Record<string, readonly (readonly [style: keyof typeof STYLES, text: string])[]>> = {
  environment: [
    ['upper', '\0HOME=/root\0%n=%v\0PATH=/bin\0'],
    ['upper', 'export %n="%v"\n'],
    ['upper', "export %n='%v'\n"],
    ['upper', 'set %n=%v\r\n'],
    ['upper', '$env:%n = "%v"\n'],
    ['upper', 'ENV %n=%v\n'],
    ['upper', '[Service]\nEnvironment="%n=%v"\n'],
    ['upper', '    - %n=%v\n'],
  ],
  ini: [
    ['snake', '[db]\n%n=%v\n'],
    ['snake', '[db]\n%n = %v\n'],
    ['snake', '%n     = %v\n'],
    ['snake', '%n: %v\n'],
    ['foreign', '%n=%v\n'],
    ['foreign', '%n: %v\n'],
  ],
  properties: [
    ['dotted', '%n=%v\n'],
    ['dotted', '%n = %v\n'],
    ['dotted', '%n: %v\n'],
    ['dotted', '%n:%v\n'],
  ],
  yaml: [
    ['snake', 'db:\n  %n: %v\n'],
    ['camel', 'db:\n  %n: "%v"\n'],
    ['kebab', "db:\n  %n: '%v'\n"],
    ['kebab', '"%n": %v\n'],
    ['upper', 'env:\n  - name: %n\n    value: %v\n'],
    ['upper', 'env:\n  - name: %n\n    value: "%v"\n'],
  ],
  json: [
    ['snake', '{"%n":"%v","a":1}'],
    ['camel', '{ "%n": "%v" }'],
    ['pascal', '{ "%n" : "%v" }'],
    ['kebab', '{"%n":"%v"}'],
    ['camel', '"{\\"%n\\":\\"%v\\"}"'],
    ['snake', '"{\\"%n\\": \\"%v\\"}"'],
    ['upper', '{"name":"%n","value":"%v"}'],
    ['upper', '{ "name": "%n", "value": "%v" }'],
    ['foreign', '{"%n": "%v"}'],
  ],
  xml: [
    ['camel', '<db user="a" %n="%v"/>'],
    ['pascal', "<db %n='%v' />"],
    ['camel', '<%n>%v</%n>'],
    ['pascal', '<%n>%v</%n>'],
    ['kebab', '<%n>%v</%n>'],
    ['pascal', '<add key="%n" value="%v" />'],
    ['dotted', '<property name="%n" value="%v"/>'],
    ['dotted', '<property name="%n">%v</property>'],
    ['dotted', '<entry key="%n">%v</entry>'],
    ['camel', '<ns:%n>%v</ns:%n>'],
  ],
  'C#': [
    ['pascal', 'var o = new Options { %n = "%v" };'],
    ['pascal', 'private const string %n = "%v";'],
    ['camel', 'string %n = "%v";'],
    ['pascal', 'config["%n"] = "%v";'],
    ['pascal', '"Server=db;%n=%v;Encrypt=true"'],
  ],
  Java: [
    ['camel', 'private String %n = "%v";'],
    ['upper', 'static final String %n = "%v";'],
    ['dotted', 'props.setProperty("%n", "%v");'],
    ['snake', 'map.put("%n", "%v");'],
    ['pascal', 'ds.set%n("%v");'],
    ['camel', 'val %n: String = "%v"'],
  ],
  JavaScript: [
    ['camel', "const %n = '%v';"],
    ['camel', '{ user: "a", %n: "%v" }'],
    ['camel', '{user:"a",%n:"%v"}'],
    ['kebab', "{ '%n': '%v' }"],
    ['camel', 'const %n: string = `%v`;'],
    ['upper', "process.env.%n = '%v';"],
    ['camel', 'o.%n="%v"'],
  ],
  Go: [
    ['camel', '%n := "%v"'],
    ['pascal', 'Config{%n: "%v"}'],
    ['pascal', 'Config{\n\t%n:    "%v",'],
    ['camel', 'var %n string = "%v"'],
    ['snake', 'map[string]string{"%n": "%v"}'],
    ['camel', 'const %n = `%v`'],
  ],
  Python: [
    ['snake', "%n = '%v'"],
    ['snake', 'connect(user="a", %n="%v")'],
    ['snake', "{'user': 'a', '%n': '%v'}"],
    ['upper', "os.environ['%n'] = '%v'"],
    ['snake', '%n: str = "%v"'],
    ['upper', "os.environ.setdefault('%n', '%v')"],
  ],
  PHP: [
    ['upper', "define('%n', '%v');"],
    ['upper', 'define( "%n", "%v" );'],
    ['snake', "['user' => 'a', '%n' => '%v']"],
    ['snake', '$%n = "%v";'],
    ['snake', "$cfg['%n'] = '%v';"],
  ],
  Ruby: [
    ['snake', "%n: '%v'"],
    ['snake', ":%n => '%v'"],
    ['upper', 'ENV["%n"] = "%v"'],
  ],
  'C and Rust': [
    ['upper', '#define %n "%v"'],
    ['snake', 'static const char %n[] = "%v";'],
    ['snake', 'const char *%n = "%v";'],
    ['upper', 'const %n: &\'static str = "%v";'],
    ['snake', 'let %n: &str = "%v";'],
  ],
  HCL: [
    ['snake', '%n = "%v"'],
    ['snake', '%n            = "%v"'],
    ['snake', 'variable "%n" {\n  default = "%v"\n}'],
  ],
  'command lines': [
    ['kebab', 'tool --%n=%v --verbose'],
    ['kebab', 'tool --%n %v --verbose'],
    ['kebab', "tool --%n '%v'"],
    ['kebab', 'tool\0--%n\0%v\0--verbose\0'],
    ['camel', 'java -D%n=%v -jar'],
    ['snake', 'tool /%n:%v'],
    ['snake', 'curl https://api.test/?%n=%v&x=1'],
  ],
  PowerShell: [
    ['pascal', '$%n = "%v"'],
    ['pascal', 'Set-Variable -Name %n -Value "%v"'],
    ['pascal', "Set-Variable -Name '%n' -Value '%v'"],
    ['pascal', 'New-Thing -%n "%v"'],
    ['pascal', "@{ %n = '%v' }"],
  ],
  SQL: [
    ['upper', "ALTER USER a SET %n '%v';"],
    ['snake', "ALTER USER a WITH %n '%v';"],
    ['snake', "UPDATE users SET %n='%v'"],
    ['snake', "SET %n = '%v'"],
  ],
};

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const wideOf = (text: string): Uint8Array =>
  Uint8Array.from(Array.from(text).flatMap((char) => [char.charCodeAt(0), 0]));

/** Which values look random is another question (src/bytes/random-text.test.ts). */
function drawValue(draw: () => string): string {
  for (;;) {
    const value = draw();
    if (generatedBits(bytesOf(value), 0, value.length) > 0) return value;
  }
}

async function isFound(
  text: string,
  value: string,
  encode: (text: string) => Uint8Array,
  width: number,
): Promise<boolean> {
  const bytes = encode(`\n${text}\n`);
  const start = encode(`\n${text.slice(0, text.indexOf(value))}`).length;
  const { findings } = await scanner.scan(bytes);
  return findings.some(({ places }) =>
    places.some((place) => place.start === start && place.end === start + value.length * width),
  );
}

/** What is known not to be found: a type or more stands between name and value. */
const NOT_FOUND = new Set(['var %n string = "%v"', 'variable "%n" {\n  default = "%v"\n}']);

describe.each(Object.entries(SPELLINGS))('%s', (_, spellings) => {
  it.each(spellings.filter(([, text]) => !NOT_FOUND.has(text)))('%s: %j', async (style, text) => {
    const missed: string[] = [];
    for (const name of STYLES[style]) {
      const values = [() => make.base64url(make.bytes(32)), () => make.hex(make.bytes(24))].map(drawValue);
      for (const value of values) {
        const written = text.replaceAll('%n', name).replaceAll('%v', value);
        if (!(await isFound(written, value, bytesOf, 1))) missed.push(name);
      }
    }
    expect(missed).toEqual([]);
  });
});

it('reads UTF-16 as well', async () => {
  for (const text of ['DB_PASSWORD=%v', '"apiKey": "%v"', '<add key="ClientSecret" value="%v" />', 'AccountKey=%v;']) {
    const value = make.base64url(make.bytes(32));
    expect(await isFound(text.replace('%v', value), value, wideOf, 2)).toBe(true);
  }
});

it('takes no comparison, path, type, name or prose for an assignment', async () => {
  const value = make.text(32);
  for (const text of [
    `if (password == ${value})`,
    `password != "${value}"`,
    `Map<Key>${value}`,
    `std::password::${value}`,
    `the password ${value} is`,
    `secretary="${value}"`,
    `PASSWORD_FILE=/run/${value}`,
    `password\0${value}\0`,
    `token > ${value}`,
    `"primaryKey": "${value}"`,
    `ssh-public-keys \`${value}\``,
    `<clientToken>token-${make.hex(make.bytes(4))}-1234-4567-89ab-${make.hex(make.bytes(6))}</clientToken>`,
  ]) {
    expect([text, (await scanner.scan(bytesOf(text))).findings]).toEqual([text, []]);
  }
});
