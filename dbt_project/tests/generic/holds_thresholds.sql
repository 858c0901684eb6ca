{#- Fails with one message for each threshold that is not in the seed exactly once with a value. -#}
{% test holds_thresholds(model, names) %}
    with expected as (
        {%- for name in names %}
        select '{{ name }}' as name {% if not loop.last %}union all{% endif %}
        {%- endfor %}
    ),

    found as (
        select
            expected.name,
            count(thresholds.value) as value_count
        from expected
        left join {{ model }} as thresholds on expected.name = thresholds.name
        group by expected.name
    )

    select
        concat(
            '{{ model.identifier }}.csv: expected one line with a value for ', name, ', found ',
            cast(value_count as string), '; write exactly one'
        ) as problem
    from found
    where value_count != 1
{% endtest %}
