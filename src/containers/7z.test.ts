import { samples } from '../../corpus/containers/7z.ts';
import { describeContainer } from '../../test/support/container-contract.ts';
import container from './7z.ts';

describeContainer(container, samples());
