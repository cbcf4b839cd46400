import { samples } from '../../corpus/containers/iso.ts';
import { describeContainer } from '../../test/support/container-contract.ts';
import container from './iso.ts';

describeContainer(container, samples());
