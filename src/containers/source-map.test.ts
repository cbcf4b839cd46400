import { samples } from '../../corpus/containers/source-map.ts';
import { describeContainer } from '../../test/support/container-contract.ts';
import container from './source-map.ts';

describeContainer(container, samples());
