{#- Fails with one message for each broken constraint of a seed column; constraints of models are enforced by their contracts. -#}
{% test keeps_constraints(model) %}
    {%- set checks = [] -%}
    {%- set seeds = graph.nodes.values() if execute else [] -%}
    {%- for seed in seeds if seed.resource_type == 'seed' and seed.name == model.identifier -%}
        {%- for column in seed.columns.values() -%}
            {%- for constraint in column.constraints -%}
                {%- set broken, expected, remedy = {
                    'not_null': (column.name ~ ' is null', 'a value in every line', 'fill it in'),
                    'unique': ('row_number() over (partition by ' ~ column.name ~ ' order by ' ~ column.name ~ ') > 1 and ' ~ column.name ~ ' is not null',
                               'each value once', 'keep one line of each'),
                    'check': ('not (' ~ constraint.expression ~ ')', constraint.expression, 'write one of those'),
                }[constraint.type] -%}
                {%- do checks.append((column.name, broken, expected, remedy)) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endfor -%}
    with broken as (
        {%- for name, condition, expected, remedy in checks %}
        select
            '{{ name }}' as column_name,
            {{ dbt.string_literal(dbt.escape_single_quotes(expected)) }} as expected,
            '{{ remedy }}' as remedy,
            sum(case when is_broken then 1 else 0 end) as line_count
        from (select {{ condition }} as is_broken from {{ model }}) as checked
        {% if not loop.last %}union all{% endif %}
        {%- endfor %}
    )

    select
        concat(
            '{{ model.identifier }}.csv: column ', column_name, ': expected ', expected, ', found ',
            cast(line_count as string), case when line_count = 1 then ' other line; ' else ' other lines; ' end, remedy
        ) as problem
    from broken
    where line_count > 0
{% endtest %}
