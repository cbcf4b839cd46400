import { describe, expect, it } from 'vitest';
import { openBytes } from '../../test/support/containers.ts';
import { readSample, samplesFolder } from '../../test/support/samples.ts';
import pe from './pe-resources.ts';
import container from './portable-pdb.ts';

describe.skipIf(!samplesFolder)('what the .NET compiler wrote', () => {
  const read = (name: string): Uint8Array => readSample(`artifacts/symbolic__${name}`);
  const summary = ({ members, gaps }: Awaited<ReturnType<typeof openBytes>>): string[] => [
    ...members.map(({ name, content }) => `${name.replace(/.*\\/, '')} ${content.length}`),
    ...gaps,
  ];

  it('opens sources embedded in an assembly', async () => {
    const { members } = await openBytes(pe, read('Sentry.Samples.Console.Basic-embedded-ppdb-with-sources.dll'));
    const pdb = members.find(({ name }) => name === 'embedded PDB')!;
    const opened = await openBytes(container, pdb.content);
    expect(summary(opened)).toEqual([
      'Program.cs 204',
      'Sentry.Samples.Console.Basic.GlobalUsings.g.cs 295',
      '.NETCoreApp,Version=v6.0.AssemblyAttributes.cs 198',
      'Sentry.Attributes.cs 610',
      'Sentry.Samples.Console.Basic.AssemblyInfo.cs 1019',
    ]);
    expect(Buffer.from(opened.members[0]!.content).toString()).toContain('using Sentry;');
  });

  it('opens those of a file of its own, and tells when there are none', async () => {
    expect(summary(await openBytes(container, read('ppdb-sourcelink-sample.pdb')))).toEqual([
      '.NETStandard,Version=v2.0.AssemblyAttributes.cs 208',
      'ppdb-sourcelink-sample.AssemblyInfo.cs 1042',
    ]);
    expect(summary(await openBytes(container, read('portable.pdb')))).toEqual([]);
  });
});
