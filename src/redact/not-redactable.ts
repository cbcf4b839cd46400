/** Something that can't be redacted: says what, and names the member that holds a finding. Exit code 1. */
export class NotRedactable extends Error {
  override readonly name = 'NotRedactable';

  constructor(container: string, member: string, reason = 'is not among the containers that can be written again') {
    super(
      `${container} ${reason}${member ? `: it holds findings in "${member}"` : ''}; unpack it and redact its parts`,
    );
  }
}
