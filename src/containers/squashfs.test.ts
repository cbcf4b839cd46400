import { samples } from '../../corpus/containers/squashfs.ts';
import { describeContainer } from '../../test/support/container-contract.ts';
import container from './squashfs.ts';

describeContainer(container, samples());
