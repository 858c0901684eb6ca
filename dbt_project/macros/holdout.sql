{#- SQL text: the experiment arm of a customer who is eligible for the retention list. The assignment is random but the same every
    night: it depends only on the customer and on `retention.holdout_salt`. -#}
{% macro retention_arm(customer_key) -%}
    {%- set limit = '%08x' | format((var('retention_holdout_share') * 4294967295) | int) -%}
    case
        when substr(md5('{{ var("retention_holdout_salt") }}' || {{ customer_key }}), 1, 8) < '{{ limit }}' then 'holdout'
        else 'treatment'
    end
{%- endmacro %}
