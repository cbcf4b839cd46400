export const TRAINED: Readonly<Record<string, readonly [offset: number, bucket: number]>> = {};
export const SAMPLE = '';
