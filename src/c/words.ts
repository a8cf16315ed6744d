/**
 * Attribute words of the kernel that a tree need not spell out for us; further ones are read from the tree's own
 * headers (see attributes.ts). They may stand anywhere in a declaration and mean nothing to the analysis.
 */
export const attributeWords: readonly string[] = [
  '__acquire', '__acquires', '__alias', '__aligned', '__always_inline', '__always_unused', '__assume_aligned', '__bitwise',
  '__bpf_kfunc', '__cacheline_aligned', '__cacheline_aligned_in_smp', '__cleanup', '__cold', '__cond_acquires', '__cond_lock',
  '__copy', '__counted_by', '__counted_by_be', '__counted_by_le', '__counted_by_ptr', '__cpuidle', '__deprecated', '__designated_init',
  '__devexit', '__devinit', '__diagnose_as', '__exit', '__exitdata', '__flatten', '__force', '__force_order', '__free',
  '__gnu_inline', '__guarded_by', '__head', '__hot', '__init', '__init_memblock', '__init_or_module', '__initconst', '__initdata',
  '__initdata_or_module', '__iomem', '__irq_entry', '__kernel', '__latent_entropy', '__lockfunc', '__malloc', '__maybe_unused',
  '__meminit', '__meminitdata', '__mode', '__must_check', '__must_hold', '__must_hold_shared', '__must_not_hold', '__no_caller_saved_registers', '__no_context_analysis',
  '__no_kasan_or_inline', '__no_profile', '__no_sanitize_address', '__no_sanitize_memory', '__no_sanitize_thread', '__no_sanitize_undefined',
  '__no_stack_protector', '__noclone', '__nocast', '__nonstring', '__noreturn', '__packed', '__page_aligned_bss', '__page_aligned_data', '__pcpu_unused',
  '__percpu', '__printf', '__private', '__pt_guarded_by', '__pure', '__rcu', '__read_mostly', '__ref', '__refdata', '__refconst', '__releases',
  '__returns_nonnull', '__ro_after_init', '__safe', '__scanf', '__sched', '__section', '__signed_wrap', '__softirq_entry', '__stringify_arg', '__used',
  '__user', '__visible', '__weak', '__xip_text', 'asmlinkage', 'noinline', 'noinline_for_stack', 'noinstr', 'notrace',
  'randomized_struct_fields_end', 'randomized_struct_fields_start', '____cacheline_aligned', '____cacheline_aligned_in_smp',
  '____cacheline_internodealigned_in_smp', '___cacheline_internodealigned_in_smp', '__no_randomize_layout', '__randomize_layout', '__nokasan',
];

/** Attributes that release what the variable holds when it leaves scope; they must survive as data. */
export const cleanupWords: readonly string[] = ['__free', '__cleanup'];

/** Headers in which a kernel defines its attribute words. */
export const attributeHeaders: readonly string[] = [
  'include/linux/compiler_attributes.h',
  'include/linux/compiler_types.h',
  'include/linux/compiler.h',
  'include/linux/compiler-gcc.h',
  'include/linux/compiler-clang.h',
  'include/linux/compiler-context-analysis.h',
  'include/linux/init.h',
  'include/linux/cache.h',
  'include/linux/linkage.h',
];

/** Words before `(` that are no calls. */
export const statementWords: ReadonlySet<string> = new Set([
  'if', 'for', 'while', 'switch', 'return', 'do', 'else', 'case', 'goto', 'sizeof', 'typeof', '__typeof__', '__typeof',
  'typeof_unqual', '__alignof__', '_Alignof', 'alignof', '__attribute__', 'asm', '__asm__', '_Generic', '_Static_assert', 'defined',
]);

/** Words that begin a type where an expression is expected: only a macro can take such an argument. */
export const typeWords: readonly string[] = [
  'struct', 'union', 'enum', 'const', 'volatile', 'unsigned', 'signed', 'void', 'char', 'short', 'int', 'long', 'float', 'double',
  'bool', '_Bool', 'size_t', 'u8', 'u16', 'u32', 'u64', 's8', 's16', 's32', 's64',
];
