import { samples } from '../../corpus/containers/pe-resources.ts';
import { describeContainer } from '../../test/support/container-contract.ts';
import container from './pe-resources.ts';

describeContainer(container, samples());
