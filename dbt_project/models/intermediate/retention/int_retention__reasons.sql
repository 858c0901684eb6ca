with reasons as (
    select * from {{ ref('churn_reasons') }}
),

final as (
    select
        customer_key,
        {%- for rank in [1, 2, 3] %}
        max(case when reason_rank = {{ rank }} then reason_en end) as reason_{{ rank }},
        max(case when reason_rank = {{ rank }} then reason_zh end) as reason_{{ rank }}_zh{{ ',' if not loop.last }}
        {%- endfor %}
    from reasons
    group by customer_key
)

select * from final
