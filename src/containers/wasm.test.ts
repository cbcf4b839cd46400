import { samples } from '../../corpus/containers/wasm.ts';
import { describeContainer } from '../../test/support/container-contract.ts';
import container from './wasm.ts';

describeContainer(container, samples());
