import { samples } from '../../corpus/containers/zstd.ts';
import { describeContainer } from '../../test/support/container-contract.ts';
import container from './zstd.ts';

describeContainer(container, samples());
