import { samples } from '../../corpus/containers/pdb.ts';
import { describeContainer } from '../../test/support/container-contract.ts';
import container from './pdb.ts';

describeContainer(container, samples());
