{#- Whether this model goes on from the earlier night that the warehouse holds whole, instead of being made anew. -#}
{% macro goes_on() -%} {{ return(execute and is_incremental() and night('since') is not none) }} {%- endmacro %}


{#- The night the model goes on from: what came in later, or happened later, is new. -#}
{% macro since_date() -%} date '{{ night("since") }}' {%- endmacro %}

{% macro since_timestamp() -%} timestamp '{{ night("since") }} 00:00:00' {%- endmacro %}


{#- Where a staging model goes on: its own rows that share a key with what came in, to be ranked against it. -#}
{% macro and_rivals(source_name, table_name, keys) -%}
    {%- if goes_on() %}
    union all by name
    select earlier.*
    from {{ this }} as earlier
    where exists (
        select 1
        from {{ landed(source_name, table_name) }} as arrived
        where {% for key in keys %}arrived.{{ key }} is not distinct from earlier.{{ key }}{% if not loop.last %} and {% endif %}{% endfor %}
    )
    {%- endif -%}
{%- endmacro %}
