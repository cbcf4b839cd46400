import { samples } from '../../corpus/containers/pcap.ts';
import { describeContainer } from '../../test/support/container-contract.ts';
import container from './pcap.ts';

describeContainer(container, samples());
