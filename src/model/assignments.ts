/**
 * How names of secrets end, in environments, configurations, documents and source text. The kernel searches for these
 * once, whoever asks for what is assigned to them. Names that are rare in other text are searched for as they are; the others
 * with what stands between name and value.
 */

/** Upper and lower case as they are written; German, French and Spanish (without and with its tilde, in UTF-8) among them. */
const RARE_NAMES = [
  'assword',
  'asswd',
  'assphrase',
  'ecret',
  'redential',
  'asswort',
  'ennwort',
  'oken',
  '-key',
  'pwd',
  'Pwd',
  'ot_de_passe',
  'otDePasse',
  'otdepasse',
  'ontrasena',
  'ontrase\u00c3\u00b1a',
  '_pass',
  'PASSWORD',
  'PASSWD',
  'PASSPHRASE',
  'SECRET',
  'CREDENTIAL',
  'TOKEN',
  'KEY',
  '_PASS',
  '_PWD',
  'SECRET_KEY_BASE',
];
const FREQUENT_NAMES = ['key', 'Key'];
/** Beginnings of `="`, `":"`, `'] = '`, `: `, ` := `, `>`, `\":\"`, `("`, `    =`, ` 'v'`, ` -Value v`, `[] =`. */
const SEPARATORS = ['=', '"', "'", ':', ' =', ' :=', '>', '\\', '("', '  ', ' "', " '", ' -', '['];

export const ASSIGNMENTS: readonly string[] = [
  ...RARE_NAMES,
  ...FREQUENT_NAMES.flatMap((name) => SEPARATORS.map((separator) => name + separator)),
];

/** Longest name, in characters, that is followed back from where its end was found. */
export const MAX_NAME = 48;
