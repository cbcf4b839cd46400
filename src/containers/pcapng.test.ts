import { samples } from '../../corpus/containers/pcapng.ts';
import { describeContainer } from '../../test/support/container-contract.ts';
import container from './pcapng.ts';

describeContainer(container, samples());
