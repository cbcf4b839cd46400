import { samples } from '../../corpus/containers/cfb.ts';
import { describeContainer } from '../../test/support/container-contract.ts';
import container from './cfb.ts';

describeContainer(container, samples());
