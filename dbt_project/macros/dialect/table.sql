{#- Overrides dbt-duckdb: a table is dropped and created in one transaction, instead of created beside the old one and renamed
    twice. A model that fails leaves the old table. Readers use published releases, so they never see the gap. -#}
{% materialization table, adapter='duckdb' %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target = this.incorporate(type='table') -%}
    {{ run_hooks(pre_hooks) }}
    {% call statement('main') -%}
        {% if existing is not none -%} drop {{ existing.type }} {{ existing }}; {%- endif %}
        {{ create_table_as(False, target, compiled_code) }}
    {%- endcall %}
    {{ run_hooks(post_hooks) }}
    {{ adapter.commit() }}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}
