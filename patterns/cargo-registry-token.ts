// crates.io token: a value behind names such as `CARGO_`.
import { BASE62 } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'cargo-registry-token',
  title: 'crates.io token',
  severity: 'critical',
  about: `
A token of [crates.io](https://doc.rust-lang.org/cargo/reference/publishing.html): it publishes crates.
`,
  revoke: 'revoke it under *API tokens* on crates.io, then check the versions published since.',
  names: ['CARGO_', 'CRATES_IO_'],
  values: [['cio', [BASE62, 32]], [[BASE62, 32]]],
});
