import { samples } from '../../corpus/containers/lzma.ts';
import { describeContainer } from '../../test/support/container-contract.ts';
import container from './lzma.ts';

describeContainer(container, samples());
