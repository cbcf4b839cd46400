// Connection URLs of databases, caches and brokers with a password in them.
import { defineUrlCredential } from '../src/keys/url-credential.ts';

export default defineUrlCredential({
  id: 'database-url',
  title: 'Database URL with a password',
  severity: 'critical',
  about: `
The address of a database, cache or broker with its user and password ([RFC 3986, 3.2.1](https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1)), as in
\`DATABASE_URL\`: PostgreSQL, MySQL, MongoDB, Redis, AMQP, SQL Server, ClickHouse and others.
`,
  revoke: 'change the password of the database user, and look for its connections since the dump was made.',
  starts: [
    'postgres://',
    'postgresql://',
    'mysql://',
    'mongodb://',
    'mongodb+srv://',
    'redis://',
    'rediss://',
    'amqp://',
    'amqps://',
    'sqlserver://',
    'clickhouse://',
  ],
});
