/**
 * One key, many places: unites findings by fingerprint. The outcome doesn't depend on the order in which workers
 * finish: what a finding says comes from its strongest sighting, what that one doesn't know from the next.
 */
import {
  type Finding,
  type Place,
  PROOFS,
  SEVERITIES,
  type Severity,
  type Traits,
  VERDICTS,
  type Verdict,
} from './model/finding.ts';

/** A published test key is that wherever it lies; arithmetic beats shape. */
const VERDICT_RANK: Record<Verdict, number> = { known: 0, proven: 1, likely: 2 };

/** Traits that describe one sighting; another sighting's value would not fit beside this one's. */
const OWN_TRAITS: ReadonlySet<string> = new Set(['form', 'proof', 'protection', 'openedWithDefaultPassword']);

type Sighting = Pick<Finding, 'detector' | 'severity' | 'verdict' | 'traits'>;

function compareSightings(a: Sighting, b: Sighting): number {
  return (
    VERDICT_RANK[a.verdict] - VERDICT_RANK[b.verdict] ||
    PROOFS.indexOf(a.traits.proof) - PROOFS.indexOf(b.traits.proof) ||
    compareText(a.detector, b.detector) ||
    compareText(a.traits.form, b.traits.form)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Text that is equal for places in the same bytes: an input, or a member of a container in it. */
function whereOf(place: Place): string {
  return JSON.stringify([place.input, place.trail ?? []]);
}

function comparePlaces(a: Place, b: Place): number {
  return a.start - b.start || b.end - a.end || compareText(a.detector, b.detector) || compareText(a.form, b.form);
}

/** Places by `whereOf`. */
function groupPlaces(places: Iterable<Place>): Map<string, Place[]> {
  const groups = new Map<string, Place[]>();
  for (const place of places) {
    const where = whereOf(place);
    const group = groups.get(where);
    if (group) group.push(place);
    else groups.set(where, [place]);
  }
  return groups;
}

/** Sorted by start and by end: none lies within another one. */
function outermost(places: Place[]): Place[] {
  const kept: Place[] = [];
  let end = -1;
  for (const place of places.sort(comparePlaces)) {
    if (place.end <= end) continue;
    kept.push(place);
    end = place.end;
  }
  return kept;
}

/** Sorts places, and drops each that lies within another one: a key's DER inside its PEM is one place. */
export function unitePlaces(places: readonly Place[]): Place[] {
  return [...groupPlaces(places)].sort(([a], [b]) => compareText(a, b)).flatMap(([, group]) => outermost(group));
}

/** Whether one of `sorted` (as `outermost` sorts) holds all of `place`. */
function isWithin(place: Place, sorted: readonly Place[]): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]!.start <= place.start) low = middle + 1;
    else high = middle;
  }
  const last = sorted[low - 1];
  return last !== undefined && last.end >= place.end;
}

/** How little is known of what a finding is: a value that only looks random is the most general, then a password. */
const generality = ({ traits }: Finding): number =>
  traits.algorithm === 'opaque' ? 2 : traits.algorithm === 'password' ? 1 : 0;

/**
 * What is known in general is no news where something better explains it, such as the base64 inside a PEM, or the token
 * inside a header: takes those places away, and the findings that have none left.
 */
function dropExplained(findings: readonly Finding[]): Finding[] {
  return [2, 1].reduce<Finding[]>((left, level) => dropLevel(left, level), [...findings]);
}

function dropLevel(findings: Finding[], level: number): Finding[] {
  const isGuess = (finding: Finding): boolean => generality(finding) === level;
  if (!findings.some(isGuess)) return findings;
  const better = findings.filter((finding) => generality(finding) < level);
  const known = groupPlaces(better.flatMap(({ places }) => places));
  for (const [where, places] of known) known.set(where, outermost(places));
  return findings.flatMap((finding) => {
    if (!isGuess(finding)) return finding;
    const places = finding.places.filter((place) => !isWithin(place, known.get(whereOf(place)) ?? []));
    return places.length > 0 ? { ...finding, places } : [];
  });
}

/** So many values of one size in one artifact, of which nothing but their randomness speaks, are digests or identifiers. */
const CROWD = 4;

/** Nobody named the value: it is judged by those that lie in the same artifact. */
function isNameless({ verdict, severity, traits: { form } }: Sighting): boolean {
  return verdict === 'likely' && severity === 'low' && (form === 'base64-run' || form === 'hex-run');
}

/** Takes away places where there are more of their size than `CROWD`, and the findings that have none left. */
function dropCrowds(findings: readonly Finding[], isCandidate: (finding: Finding) => boolean): Finding[] {
  const crowdOf = ({ traits }: Finding, place: Place): string => `${traits.form} ${traits.bits} ${whereOf(place)}`;
  const members = new Map<string, Set<string>>();
  const candidates = findings.filter(isCandidate);
  for (const finding of candidates) {
    for (const place of finding.places) {
      const crowd = crowdOf(finding, place);
      members.set(crowd, (members.get(crowd) ?? new Set()).add(finding.fingerprint));
    }
  }
  if (![...members.values()].some(({ size }) => size > CROWD)) return [...findings];
  const dropped = new Set(candidates);
  return findings.flatMap((finding) => {
    if (!dropped.has(finding)) return finding;
    const places = finding.places.filter((place) => members.get(crowdOf(finding, place))!.size <= CROWD);
    return places.length > 0 ? { ...finding, places } : [];
  });
}

function uniteTraits(sightings: readonly Sighting[]): Traits {
  const [strongest, ...others] = [...sightings].sort(compareSightings);
  const traits: Record<string, Traits[keyof Traits]> = { ...strongest!.traits };
  for (const other of others) {
    for (const [name, value] of Object.entries(other.traits)) {
      if (!OWN_TRAITS.has(name)) traits[name] ??= value;
    }
  }
  return traits as Traits;
}

/** The loudest; but a published test key is as quiet as its own sightings say. */
function uniteSeverities(sightings: readonly Sighting[], verdict: Verdict): Severity {
  const heard = verdict === 'known' ? sightings.filter((sighting) => sighting.verdict === 'known') : sightings;
  return SEVERITIES[Math.min(...heard.map(({ severity }) => SEVERITIES.indexOf(severity)))]!;
}

function compareFindings(a: Finding, b: Finding): number {
  const [placeA, placeB] = [a.places[0], b.places[0]];
  return (
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict) ||
    compareText(placeA?.input ?? '', placeB?.input ?? '') ||
    (placeA?.start ?? 0) - (placeB?.start ?? 0) ||
    compareText(a.fingerprint, b.fingerprint)
  );
}

interface Group {
  /** The strongest sighting of each verdict, severity, detector and form: their number is bounded. */
  readonly sightings: Map<string, Sighting>;
  places: Place[];
  /** Number of places after they were last united. */
  united: number;
}

/** Whether a random generator uses the key: its other schedules look like anybody's. */
function isGenerator({ sightings }: Group): boolean {
  return [...sightings.values()].some(({ traits }) => traits.form === 'generator');
}

export interface Merger {
  add(finding: Finding): void;
  /** Number of keys so far. */
  readonly size: number;
  /** Loudest first, then by place. */
  findings(): Finding[];
}

export function createMerger(): Merger {
  const groups = new Map<string, Group>();

  function toFinding(fingerprint: string, group: Group): Finding {
    const sightings = [...group.sightings.values()];
    const strongest = sightings.reduce((a, b) => (compareSightings(b, a) < 0 ? b : a));
    return {
      detector: strongest.detector,
      severity: uniteSeverities(sightings, strongest.verdict),
      verdict: strongest.verdict,
      fingerprint,
      traits: uniteTraits(sightings),
      places: unitePlaces(group.places),
    };
  }

  return {
    get size() {
      return groups.size;
    },
    add(finding) {
      let group = groups.get(finding.fingerprint);
      if (!group) {
        group = { sightings: new Map(), places: [], united: 0 };
        groups.set(finding.fingerprint, group);
      }
      const { detector, severity, verdict, traits, places } = finding;
      const kind = `${verdict} ${severity} ${detector} ${traits.form}`;
      const seen = group.sightings.get(kind);
      if (!seen || compareSightings(finding, seen) < 0) {
        group.sightings.set(kind, { detector, severity, verdict, traits });
      }
      for (const place of places) group.places.push(place);
      // Now and then, so that repeated sightings of one place don't pile up.
      if (group.places.length > 1024 + 2 * group.united) {
        group.places = unitePlaces(group.places);
        group.united = group.places.length;
      }
    },
    findings() {
      const keys = [...groups].filter(([, group]) => !isGenerator(group));
      const findings = keys.map(([fingerprint, group]) => toFinding(fingerprint, group));
      const isCandidate = ({ fingerprint }: Finding): boolean =>
        [...groups.get(fingerprint)!.sightings.values()].every(isNameless);
      return dropCrowds(dropExplained(findings), isCandidate).sort(compareFindings);
    },
  };
}
